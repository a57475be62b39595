"""The pure part of the jobs: arrays in, arrays out."""
