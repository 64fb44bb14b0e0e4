login("@TOKEN:c@")
