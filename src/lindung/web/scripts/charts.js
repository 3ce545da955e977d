// One chart theme for every page. A chart is drawn from the table it stands above, so that the two cannot disagree:
// <div class="chart" data-chart="line|bar" data-table="id" data-target="n" data-target-name="…"> and a table whose
// first column names the group and whose cells carry data-value. Colours and font come from the CSS tokens; tooltips
// are drawn on the canvas (no markup, so the content security policy holds).
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const shown = new Intl.NumberFormat("id");
const fills = ["--fill-1", "--fill-2"];

function options(box) {
  const table = document.getElementById(box.dataset.table);
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  const columns = [...rows[0].cells].map((cell, at) => at).filter((at) => rows[0].cells[at].dataset.value !== undefined);
  const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13, color: token("--ink-2") };
  const line = { color: token("--line-strong") };
  const target = Number(box.dataset.target);
  const series = columns.map((at, k) => ({
    name: heads[at],
    type: box.dataset.chart,
    step: box.dataset.chart === "line" ? "end" : undefined,
    symbol: "circle",
    symbolSize: 5,
    data: rows.map((row) => Number(row.cells[at].dataset.value)),
    barCategoryGap: "28%",
    lineStyle: { width: 2.5 },
    itemStyle: { color: token(fills[k % 2]) },
  }));
  if (target) {
    series[0].markLine = {
      symbol: "none", silent: true, data: [{ yAxis: target }], lineStyle: { color: token("--ink"), type: "solid", width: 1.5 },
      label: { ...font, color: token("--ink"), position: "insideStartTop", formatter: `${box.dataset.targetName} ${shown.format(target)}`, distance: [0, 3] },
    };
  }
  return {
    animation: false,
    aria: { enabled: true, label: { description: box.dataset.label } },
    textStyle: font,
    grid: { left: 8, right: 12, top: 28, bottom: 4, containLabel: true },
    legend: series.length > 1 ? { top: 0, right: 0, textStyle: font, itemWidth: 14, itemHeight: 14, icon: "rect" } : undefined,
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, valueFormatter: (value) => shown.format(value),
      textStyle: { ...font, color: token("--ink") }, backgroundColor: token("--surface"), borderColor: token("--line-strong"),
    },
    xAxis: {
      type: "category", data: rows.map((row) => row.cells[0].dataset.short || row.cells[0].textContent.trim()),
      axisLabel: { ...font, hideOverlap: true }, axisTick: { show: false }, axisLine: { lineStyle: line },
    },
    yAxis: {
      type: "value", min: 0, max: target ? (value) => Math.max(value.max, target * 1.08) : undefined,
      axisLabel: { ...font, formatter: (value) => shown.format(Math.round(value)), showMaxLabel: false }, splitLine: { lineStyle: { color: token("--line") } },
    },
    series,
  };
}

// With Save-Data the table stands alone.
if (!navigator.connection?.saveData) {
  for (const box of document.querySelectorAll("[data-chart]")) {
    box.hidden = false;
    const chart = init(box, null, { renderer: "canvas" });
    chart.setOption(options(box));
    new ResizeObserver(() => chart.resize()).observe(box);
    new MutationObserver(() => chart.setOption(options(box))).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }
}
