"""Files from outside and for outside: what a file really is, tables read strictly and in pieces, results written whole.

Knows columns and cells, not what they mean: that is `songhe.exchange`.
"""
