"""The pages: a thin skin over the rooms' queries and actions, in Indonesian and English."""
