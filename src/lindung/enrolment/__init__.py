"""From a roster to a card: checks, reviews, determinations, memberships, BPJS's files and answers."""
