"""The office's side of proposals and motions: the congress's desk and the government's dispatcher."""
