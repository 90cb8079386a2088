"""What visible tests are written with: load a student's file, call its functions, say what is wrong; ships to students.

A student has these files, with those of `answers` and `syntax`, in `_course/`. They run the student's code in their
own process, on the student's own machine; the grader never does. They need torch and pytest alone.
"""
