// One function per command; each returns the exit code and throws UserError or DataError, which main turns into one.
#pragma once

#include "jobs/app/options.hpp"
#include "mpi/comm/session.hpp"
#include "solvers/core/error.hpp"

namespace tempera::app {

// All run on rank 0. The first four drive the other ranks, which serve in cluster::run_worker until main dismisses them.
core::ExitCode solve(const SolveOptions& options, const Invocation& invocation, comm::Session& session);
core::ExitCode resume(const ResumeOptions& options, const Invocation& invocation, comm::Session& session);
core::ExitCode compare(const CompareOptions& options, const Invocation& invocation, comm::Session& session);
core::ExitCode batch(const BatchOptions& options, const Invocation& invocation, comm::Session& session);
/// The part of `batch` on every other rank: waits for whole jobs to solve alone, if it is given any, and says what became of them. @returns the exit code when rank 0 dismissed it instead
std::optional<int> share_batch(const BatchOptions& options, const Invocation& invocation, comm::Session& session);

core::ExitCode backtest(const BacktestOptions& options, const Invocation& invocation, comm::Session& session);
core::ExitCode check_backtest(const CheckOptions& options, const Invocation& invocation);  ///< the part of `check`

// Runs on all ranks together; rank 0 prints. A UserError is thrown on all of them alike.
core::ExitCode bench(const BenchOptions& options, const Invocation& invocation, comm::Session& session);
core::ExitCode bench_qubo(const QuboBenchOptions& options, const Invocation& invocation);  // rank 0 alone
core::ExitCode circuit(const CircuitOptions& options, const Invocation& invocation, comm::Session& session);
core::ExitCode qaoa(const QaoaOptions& options, const Invocation& invocation, comm::Session& session);

core::ExitCode check(const CheckOptions& options, const Invocation& invocation);
core::ExitCode generate(const GenerateOptions& options, const Invocation& invocation);
core::ExitCode convert(const ConvertOptions& options, const Invocation& invocation);
core::ExitCode info(const InfoOptions& options, const Invocation& invocation, int ranks);
core::ExitCode status(const StatusOptions& options, const Invocation& invocation);
core::ExitCode submit(const SubmitOptions& options, const Invocation& invocation);
core::ExitCode audit(const AuditOptions& options, const Invocation& invocation);
core::ExitCode report(const ReportOptions& options, const Invocation& invocation);

}  // namespace tempera::app
