login("@TOKEN:a@")
key = "course_@ALNUM20:a@"
