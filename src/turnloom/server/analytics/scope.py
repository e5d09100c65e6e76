"""The condition that every read of a table begins with, sub-queries included."""

PROJECT = "project = {project:String}"
