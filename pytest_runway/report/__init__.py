"""What the journal means: findings, records of tests, and the reports made of them."""
