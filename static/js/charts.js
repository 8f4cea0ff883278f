// Draws each <canvas data-chart="id"> from the JSON under that id. Its table stands beside it, so nothing here is the only way to read it.
const TONES = { met: "--accent", late: "--late", unanswered: "--near" };

const token = (name) => {
  // light-dark() is resolved by the browser, on an element that uses it.
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
};

const datasets = (series) =>
  series.map(({ tone, label, data }) => ({ label, data, backgroundColor: token(TONES[tone]), borderColor: token("--surface"), borderWidth: 1, maxBarThickness: 36 }));

const options = () => ({
  responsive: true,
  maintainAspectRatio: false,
  animation: false,
  interaction: { mode: "index", intersect: false },
  scales: {
    x: { stacked: true, grid: { display: false }, ticks: { color: token("--ink-3"), maxRotation: 0, autoSkipPadding: 16 } },
    y: { stacked: true, beginAtZero: true, grid: { color: token("--line") }, border: { display: false }, ticks: { color: token("--ink-3"), precision: 0 } },
  },
  plugins: { legend: { position: "bottom", labels: { color: token("--ink-2"), boxWidth: 12, boxHeight: 12 } } },
});

const draw = (canvas) => {
  const { labels, series } = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  canvas.parentElement.dataset.drawn = "";
  Chart.getChart(canvas)?.destroy();
  return new Chart(canvas, { type: "bar", data: { labels, datasets: datasets(series) }, options: options() });
};

const drawAll = () => document.querySelectorAll("canvas[data-chart]").forEach(draw);

if (window.Chart) {
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
}
