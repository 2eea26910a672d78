// SPDX-License-Identifier: Apache-2.0
// A small picture of a run over time, as SVG: panels one below the other, each with a few lines. For people to look at;
// no test reads one. Not here: measuring.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace sim {

struct Series {
  std::string name, colour;
  std::vector<std::pair<double, double>> points;  // seconds, value
};
struct Panel {
  std::string title;  // with the unit
  std::vector<Series> series;
};

inline std::string svg_of_panel(const Panel& panel, double top, double width, double height, double end) {
  constexpr double kLeft = 60;
  double most = 0;
  for (const auto& s : panel.series)
    for (const auto& [t, v] : s.points) most = std::max(most, v);
  if (most <= 0) most = 1;
  const auto x = [&](double t) { return kLeft + t / end * (width - kLeft - 10); };
  const auto y = [&](double v) { return top + height - 20 - std::min(v / most, 1.0) * (height - 50); };
  auto out = fmt::format(R"(<text x="{}" y="{}" font-weight="bold">{}</text>)", kLeft, top + 14, panel.title);
  for (const auto part : {0.0, 0.5, 1.0})
    out += fmt::format(
        R"(<line x1="{0}" x2="{1}" y1="{2:.1f}" y2="{2:.1f}" stroke="#ddd"/><text x="{3}" y="{4:.1f}" text-anchor="end">{5:.6g}</text>)",
        kLeft, width - 10, y(most * part), kLeft - 6, y(most * part) + 4, most * part);
  for (double t = 0; t <= end; t += std::max(1.0, end / 12))
    out +=
        fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{:.0f} s</text>)", x(t), top + height - 6, t);
  double legend = kLeft + 260;
  for (const auto& s : panel.series) {
    out += fmt::format(R"(<polyline fill="none" stroke="{}" stroke-width="1.5" points=")", s.colour);
    for (const auto& [t, v] : s.points) out += fmt::format("{:.1f},{:.1f} ", x(t), y(v));
    out += fmt::format(R"("/><text x="{}" y="{}" fill="{}">{}</text>)", legend, top + 14, s.colour, s.name);
    legend += 12 + 7.5 * static_cast<double>(s.name.size());
  }
  return out;
}

// Where the folder cannot be written there is no picture: a test does not fail for that.
inline void write_plot(const std::filesystem::path& folder, const std::string& name, const std::string& title,
                       const std::vector<Panel>& panels) {
  constexpr double kWidth = 900, kHeight = 170;
  double end = 1;
  for (const auto& p : panels)
    for (const auto& s : p.series)
      if (!s.points.empty()) end = std::max(end, s.points.back().first);
  auto out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" font-family="sans-serif" font-size="12">)"
      R"(<rect width="100%" height="100%" fill="white"/><text x="10" y="20" font-size="15">{2}</text>)",
      kWidth, 30 + kHeight * static_cast<double>(panels.size()), title);
  double top = 30;
  for (const auto& p : panels) {
    out += svg_of_panel(p, top, kWidth, kHeight, end);
    top += kHeight;
  }
  std::error_code none;
  std::filesystem::create_directories(folder, none);
  std::ofstream(folder / (name + ".svg")) << out << "</svg>\n";
}

}  // namespace sim
