"""The operator's commands: each calls one verb and says what happened.

What does not belong here: how anything is done. What a command says is said in words, and trouble is no traceback.
"""
