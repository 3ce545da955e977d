"""What the city owes and pays: budgets, our calculations, BPJS's bills, payments."""
