"""One store for what people upload and what the program makes."""
