// A problem's link leads to its line and column in the file.

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-cell]");
  const area = link && document.getElementById(link.dataset.cell);
  if (!area) return;
  event.preventDefault();
  area.closest("details")?.setAttribute("open", "");
  const lines = area.value.split("\n");
  const line = Math.min(Number(link.dataset.line), lines.length);
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const at = before + Math.min(Number(link.dataset.column) - 1, lines[line - 1].length);
  area.focus();
  area.setSelectionRange(at, before + lines[line - 1].length);
  area.scrollTop = (area.scrollHeight / lines.length) * (line - 3);
  area.scrollIntoView({ block: "nearest" });
});
