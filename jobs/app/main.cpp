// tempera: one program, a file per command beside this one.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <system_error>

#include "io/report/result_json.hpp"
#include "jobs/app/command_line.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/finish.hpp"
#include "jobs/app/run_log.hpp"
#include "jobs/app/stop_signal.hpp"
#include "mpi/cluster/host.hpp"
#include "mpi/cluster/master_loop.hpp"
#include "mpi/cluster/worker_loop.hpp"

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

// Known before MPI starts, so that help is printed once, and at once.
bool is_first_rank() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"})
    if (const char* rank = std::getenv(name)) return std::atoi(rank) == 0;
  return true;
}

// Neither a closed terminal nor a full disk behind stdout may hide the exit code behind an exception.
void print_to(FILE* stream, const std::string& text) { std::fputs(text.c_str(), stream); }

ExitCode complain(ExitCode code, const std::string& text, const app::Invocation& invocation) {
  print_to(stderr, fmt::format("tempera: {}\n", text));
  if (invocation.output == app::OutputMode::json) print_to(stdout, report::failure_json(code, text, invocation.command_line));
  return code;
}

// Where a failed run leaves its result.json; empty for the commands that have no such file, or when nothing was asked for.
std::filesystem::path result_folder(const app::Command& command) {
  if (const auto* options = std::get_if<app::SolveOptions>(&command)) return options->run.out;
  if (const auto* options = std::get_if<app::ResumeOptions>(&command)) return options->run.out;
  return {};
}

std::filesystem::path log_folder(const app::Command& command) {
  if (const auto* options = std::get_if<app::SolveOptions>(&command)) return options->run.log_dir;
  if (const auto* options = std::get_if<app::ResumeOptions>(&command)) return options->run.log_dir;
  if (const auto* options = std::get_if<app::CompareOptions>(&command)) return options->run.log_dir;
  if (const auto* options = std::get_if<app::BatchOptions>(&command)) return options->run.log_dir;
  return {};
}

// Runs a command; every exception ends here, as an exit code with its message.
template <class Body>
ExitCode guarded(const app::Command& command, const app::Invocation& invocation, Body body) {
  const auto fail = [&](ExitCode code, const std::string& text) {
    app::write_failure(result_folder(command), code, text, invocation.command_line);
    return complain(code, text, invocation);
  };
  try {
    return body();
  } catch (const core::UserError& error) {
    return fail(ExitCode::bad_input, error.what());
  } catch (const core::DataError& error) {
    return fail(ExitCode::bad_input, error.what());
  } catch (const std::system_error& error) {
    return fail(ExitCode::bad_input, error.what());
  } catch (const std::bad_alloc&) {
    return fail(ExitCode::bad_input, "out of memory. Use fewer ranks per node or a machine with more memory; `tempera check FILE` estimates the need.");
  } catch (const std::exception& error) {
    return fail(ExitCode::our_fault, error.what());
  }
}

// What a command printed must have arrived; a reader that went away (tempera report | head) is no error.
void flush_stdout() {
  if (std::fflush(stdout) != 0 && errno != EPIPE) throw core::DataError(fmt::format("standard output: cannot write: {}.", core::errno_text(errno)));
}

ExitCode on_master(const app::Command& command, const app::Invocation& invocation, comm::Session& session) {
  if (const auto* options = std::get_if<app::SolveOptions>(&command)) return app::solve(*options, invocation, session);
  if (const auto* options = std::get_if<app::ResumeOptions>(&command)) return app::resume(*options, invocation, session);
  if (const auto* options = std::get_if<app::CheckOptions>(&command)) return app::check(*options, invocation);
  if (const auto* options = std::get_if<app::GenerateOptions>(&command)) return app::generate(*options, invocation);
  if (const auto* options = std::get_if<app::QuboBenchOptions>(&command)) return app::bench_qubo(*options, invocation);
  if (const auto* options = std::get_if<app::InfoOptions>(&command)) return app::info(*options, invocation, session.world().size());
  if (const auto* options = std::get_if<app::StatusOptions>(&command)) return app::status(*options, invocation);
  if (const auto* options = std::get_if<app::SubmitOptions>(&command)) return app::submit(*options, invocation);
  if (const auto* options = std::get_if<app::BacktestOptions>(&command)) return app::backtest(*options, invocation, session);
  if (const auto* options = std::get_if<app::AuditOptions>(&command)) return app::audit(*options, invocation);
  if (const auto* options = std::get_if<app::ConvertOptions>(&command)) return app::convert(*options, invocation);
  if (const auto* options = std::get_if<app::CompareOptions>(&command)) return app::compare(*options, invocation, session);
  if (const auto* options = std::get_if<app::BatchOptions>(&command)) return app::batch(*options, invocation, session);
  return app::report(std::get<app::ReportOptions>(command), invocation);
}

// Serves until dismissed. A rank that nobody waits for, or that has lost its master, leaves alone: the last checkpoint remains.
ExitCode serve(comm::Session& session, const std::filesystem::path& log_dir) {
  const int rank = session.world().rank();
  session.let_others_go_on();
  try {
    app::RankLog log(log_dir, rank);
    log.line(fmt::format("rank {} on {}", rank, cluster::host_name()));
    cluster::WorkerHooks hooks;
    hooks.log = [&log](const std::string& text) { log.line(text); };
    hooks.stop_signal = app::stop_signal;
    hooks.may_leave_alone = session.may_leave_alone();
    const cluster::WorkerExit exit = cluster::run_worker(session.world(), hooks);
    if (exit.end == cluster::WorkerEnd::dismissed) return static_cast<ExitCode>(exit.exit_code);
    if (exit.end == cluster::WorkerEnd::lease_ended)
      print_to(stderr, fmt::format("tempera: rank {} on {}: no word from rank 0 for {:.0f} s, leaving\n", rank, cluster::host_name(), exit.silence));
    comm::Session::leave_alone(static_cast<int>(ExitCode::requeue));
  } catch (const std::exception& error) {
    print_to(stderr, fmt::format("tempera: rank {} on {}: {}\n", rank, cluster::host_name(), error.what()));
    comm::Session::leave_alone(static_cast<int>(ExitCode::our_fault));
  }
}

// A mistake on the command line, told once. No rank leaves before it is printed: a launcher ends all ranks when the first one fails.
ExitCode reject(const core::UserError& error, const app::Invocation& invocation) {
  comm::Session session;
  if (session.world().rank() == 0) {
    complain(ExitCode::bad_input, error.what(), invocation);
    std::fflush(stdout);
  }
  return ExitCode::bad_input;  // the session ends with a barrier
}

bool runs_on_all_ranks(const app::Command& command) {
  return std::holds_alternative<app::BenchOptions>(command) || std::holds_alternative<app::CircuitOptions>(command) || std::holds_alternative<app::QaoaOptions>(command);
}

ExitCode on_all(const app::Command& command, const app::Invocation& invocation, comm::Session& session) {
  if (const auto* options = std::get_if<app::CircuitOptions>(&command)) return app::circuit(*options, invocation, session);
  if (const auto* options = std::get_if<app::QaoaOptions>(&command)) return app::qaoa(*options, invocation, session);
  return app::bench(std::get<app::BenchOptions>(command), invocation, session);
}

// All ranks run the command. A user's mistake ends it on all of them alike; anything else happens on one rank alone, while the
// others may wait for it, so it ends all.
ExitCode together(const app::Command& command, const app::Invocation& invocation, comm::Session& session) {
  const bool first = session.world().rank() == 0;
  const auto run = [&] {
    try {
      const ExitCode done = on_all(command, invocation, session);
      if (first) flush_stdout();
      return done;
    } catch (const core::UserError&) {
      throw;
    } catch (...) {
      session.mark_rank_lost();
      throw;
    }
  };
  ExitCode code = ExitCode::bad_input;
  if (first) {
    code = guarded(command, invocation, run);
  } else {
    try {
      code = run();
    } catch (const core::UserError&) {  // rank 0 tells it
    } catch (const std::exception& error) {
      print_to(stderr, fmt::format("tempera: rank {}: {}\n", session.world().rank(), error.what()));
    }
  }
  std::fflush(stdout);
  session.leave(static_cast<int>(code));
  return code;
}

bool drives_runs(const app::Command& command) {
  return std::holds_alternative<app::SolveOptions>(command) || std::holds_alternative<app::ResumeOptions>(command) || std::holds_alternative<app::CompareOptions>(command) ||
         std::holds_alternative<app::BatchOptions>(command);
}

// Rank 0 runs the command; the others serve it until it says with which code all leave.
ExitCode over_ranks(const app::Command& command, const app::Invocation& invocation) {
  if (drives_runs(command)) app::watch_stop_signals();
  comm::Session session;
  if (runs_on_all_ranks(command)) return together(command, invocation, session);
  if (session.world().rank() != 0) {
    if (const auto* options = std::get_if<app::BatchOptions>(&command))
      if (const std::optional<int> dismissed = app::share_batch(*options, invocation, session)) {
        session.leave(*dismissed);
        return static_cast<ExitCode>(*dismissed);
      }
    const ExitCode code = serve(session, log_folder(command));
    session.leave(static_cast<int>(code));
    return code;
  }
  const ExitCode code = guarded(command, invocation, [&] {
    const ExitCode done = on_master(command, invocation, session);
    flush_stdout();
    return done;
  });
  std::fflush(stdout);  // before a lost rank makes all leave at once
  cluster::dismiss_workers(session.world(), code);
  session.leave(static_cast<int>(code));
  return code;
}
}  // namespace

int main(int count, char** values) {
  app::Invocation invocation{.started = {}, .command_line = joined(count, values), .output = app::OutputMode::text};
  app::ParsedLine line;
  try {
    line = app::parse_command_line(count, values);
  } catch (const core::UserError& error) {
    if (app::asks_for_json(count, values)) invocation.output = app::OutputMode::json;
    return static_cast<int>(reject(error, invocation));
  }
  if (!line.command) {
    if (is_first_rank()) print_to(stdout, line.text);
    return 0;
  }
  invocation.output = line.output;
  return static_cast<int>(guarded(*line.command, invocation, [&] { return over_ranks(*line.command, invocation); }));
}
