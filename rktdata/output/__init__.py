"""What leaves the program: the dataset folder, data frames, pictures of pages."""
