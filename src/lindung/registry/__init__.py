"""People, units, employers, regions, scheme versions, documents, users and their reach, city settings, audit."""
