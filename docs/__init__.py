"""Documents. What can be made from the code is made from the code: `python -m docs.generate`."""
