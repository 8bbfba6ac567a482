"""Tools around the program that are no part of it: serving the app for tests, benchmarks and pictures."""
