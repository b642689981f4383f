// tempera: one program, a file per command beside this one.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <new>

#include "io/report/result_json.hpp"
#include "jobs/app/command_line.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/stop_signal.hpp"
#include "mpi/cluster/master_loop.hpp"

namespace {
using namespace tempera;
using core::ExitCode;

std::string joined(int count, const char* const* values) {
  std::string line;
  for (int k = 0; k < count; ++k) {
    const std::string word = values[k];
    line += (k ? " " : "") + (word.find(' ') == std::string::npos ? word : "'" + word + "'");
  }
  return line;
}

// Known before MPI starts, so that a mistake on the command line is printed once and not by every rank.
bool is_first_rank() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"})
    if (const char* rank = std::getenv(name)) return std::atoi(rank) == 0;
  return true;
}

ExitCode complain(ExitCode code, const std::string& text, const app::Invocation& invocation) {
  fmt::print(stderr, "tempera: {}\n", text);
  if (invocation.output == app::OutputMode::json) fmt::print("{}", report::failure_json(code, text, invocation.command_line));
  return code;
}

// Runs a command; every exception ends here, on every rank with the same code.
template <class Body>
ExitCode guarded(const app::Invocation& invocation, Body body) {
  try {
    return body();
  } catch (const core::UserError& error) {
    return complain(ExitCode::bad_input, error.what(), invocation);
  } catch (const core::DataError& error) {
    return complain(ExitCode::bad_input, error.what(), invocation);
  } catch (const std::bad_alloc&) {
    return complain(ExitCode::bad_input, "out of memory. Use fewer ranks per node or a machine with more memory; `tempera check FILE` estimates the need.", invocation);
  } catch (const std::exception& error) {
    return complain(ExitCode::our_fault, error.what(), invocation);
  }
}

template <class Options, class Function>
ExitCode over_ranks(const Options& options, const app::Invocation& invocation, Function command) {
  comm::Session session;
  app::watch_stop_signals();
  const bool master = session.world().rank() == 0;
  const ExitCode code = guarded(invocation, [&] { return command(options, invocation, session); });
  std::fflush(stdout);
  if (master) cluster::dismiss_workers(session.world(), code);
  session.leave(static_cast<int>(code));
  return code;
}

ExitCode dispatch(const app::Command& command, const app::Invocation& invocation) {
  if (const auto* options = std::get_if<app::SolveOptions>(&command)) return over_ranks(*options, invocation, app::solve);
  if (const auto* options = std::get_if<app::ResumeOptions>(&command)) return over_ranks(*options, invocation, app::resume);
  if (!is_first_rank()) return ExitCode::solved;
  return guarded(invocation, [&] {
    if (const auto* options = std::get_if<app::CheckOptions>(&command)) return app::check(*options, invocation);
    if (const auto* options = std::get_if<app::GenerateOptions>(&command)) return app::generate(*options, invocation);
    if (const auto* options = std::get_if<app::InfoOptions>(&command)) {
      const char* ranks = std::getenv("OMPI_COMM_WORLD_SIZE");
      return app::info(*options, invocation, ranks ? std::atoi(ranks) : 1);
    }
    return app::report(std::get<app::ReportOptions>(command), invocation);
  });
}
}  // namespace

int main(int count, char** values) {
  app::Invocation invocation{.started = {}, .command_line = joined(count, values), .output = app::OutputMode::text};
  app::ParsedLine line;
  try {
    line = app::parse_command_line(count, values);
  } catch (const core::UserError& error) {
    if (app::asks_for_json(count, values)) invocation.output = app::OutputMode::json;
    return static_cast<int>(is_first_rank() ? complain(ExitCode::bad_input, error.what(), invocation) : ExitCode::bad_input);
  }
  if (!line.command) {
    if (is_first_rank()) fmt::print("{}", line.text);
    return 0;
  }
  invocation.output = line.output;
  return static_cast<int>(dispatch(*line.command, invocation));
}
