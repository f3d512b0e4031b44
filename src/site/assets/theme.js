// Sets the chosen theme before anything is drawn. Without a choice the system's theme is in force.
const chosen = localStorage.getItem("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
