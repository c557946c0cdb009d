"""The values that pass between stages, the options, the errors and the dataset's rows.

Nothing here imports anything else of ours.
"""
