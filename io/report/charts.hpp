// Charts of a page: a picture that stands without scripts and on paper, and its numbers for the script that makes it live (uPlot).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "io/report/svg.hpp"

namespace tempera::report {

/// What travels inside the program; of the library all is empty where it was built without npm.
struct ChartTexts {
  std::string_view library_version, library_licence, library_script, library_style, own_script;
};
ChartTexts chart_texts();

/// "uPlot 1.6.32", or "static pictures".
std::string chart_library_name();

/// Up to ten staircases with a legend, and levels to compare with where they are in sight. @param x_label  what the horizontal axis counts @param what  for those who do not see the picture
std::string chart(std::span<const Series> series, std::span<const Level> levels, std::string_view x_label, std::string_view what);

/// The one script of a page, with the library's licence before it.
std::string page_script();

/// What the page may do, as the content of its Content-Security-Policy: this style and this script, nothing from elsewhere.
std::string page_policy(std::string_view style, std::string_view script);

}  // namespace tempera::report
