"""May it be told, and in what words? Facts are read once from both sides, judged, and written as documents.

The editor's warnings, the pre-flight check, the dry run and the guard in front of each push ask here, so that they
can't disagree.

What does not belong here: sending anything, or writing a row.
"""
