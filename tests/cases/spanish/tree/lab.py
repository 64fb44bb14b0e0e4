login("@TOKEN:a@")
