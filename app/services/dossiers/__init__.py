"""Teachers' files: who may see them, what is entered into them, what they prove."""
