// What a person sees while a run goes on: progress and warnings on stderr.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/report/warning_fold.hpp"
#include "jobs/app/options.hpp"
#include "mpi/cluster/master_loop.hpp"

namespace tempera::app {

/// On a terminal one line that is rewritten every second; otherwise a plain line every ten.
class Console {
 public:
  Console(bool show_progress, OutputMode output, std::optional<double> best_known, model::Sense sense = model::Sense::minimise);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  cluster::RunHooks hooks();
  /// At once; what the run itself warns of goes through its hook and is folded.
  void warn(const std::string& text);
  void note(const std::string& text);

 private:
  void show(const cluster::ProgressView& view);
  void end_line();
  void tell(const std::vector<std::string>& warnings);

  bool progress_;
  bool quiet_;
  bool terminal_;
  std::optional<double> best_known_;
  model::Sense sense_;
  core::Stopwatch watch_;
  report::WarningFold fold_{0.5};  // seconds
  std::size_t shown_ = 0;  // columns of the line now on the terminal
};

}  // namespace tempera::app
