// QUBO, Ising, Max-Cut and quadratic assignment files.
//
//   Gset (.mc)        "n m", then m lines "i j w", 1-based            the cut weight, maximised
//   Beasley (.qubo)   "n m", then m lines "i j q", 1-based, each off-diagonal entry once    x'Qx, symmetric Q, maximised
//   qbsolv (.qubo)    "p qubo 0 n diagonals couplers", then "i j q", 0-based                sum q x_i x_j, minimised
//   COO (.coo)        "i j q", 0-based, no heading; "# vartype=SPIN" makes it an Ising model   sum q x_i x_j, minimised
//   dimod BQM (.json) schema 1.0.0 (linear_terms) and 2.0.0, 3.0.0 (arrays, use_bytes false)   energy, minimised
//   QAPLIB (.dat)     n, flow, distance                               sum f_ij d_p(i)p(j), minimised
//
// In the line formats '#' opens a comment, and so does 'c' in qbsolv files. Comments "#@ one-hot i j …" and "#@ exactly K i j …" are
// groups: that many of the variables are 1 (indices as in the file's other lines).
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "io/instances/format.hpp"
#include "solvers/model/qap_problem.hpp"
#include "solvers/model/qubo_problem.hpp"

namespace tempera::instances {

bool is_qubo_format(FileFormat format);

/// Reads any of the QUBO formats above, told apart by content. The name is the file's stem; the notes say of duplicate couplings
/// that were summed and of rounded coefficients.
/// @throws UserError "<file>:<line>: …" for the first problem: indices out of range, non-finite or overflowing coefficients,
///         a self loop in a graph, counts that differ from the heading
model::QuboProblem read_qubo(const std::filesystem::path& path);
model::QuboProblem parse_qubo(std::string_view text, std::string_view source);

/// As a dimod BQM (BINARY; schema 1.0.0 lists terms, 2.0.0 and 3.0.0 arrays), with labels; real coefficients as given, a maximisation with its signs turned
/// so that the energy is minimised. Groups are not part of that schema and are refused. @throws UserError, DataError
void write_bqm(const model::QuboProblem& problem, const std::filesystem::path& path, int schema = 3);

/// The answer as text: a comment with the objective, then "number value" per variable, numbered as in the problem's file.
void write_values(const std::filesystem::path& path, const model::QuboProblem& problem, std::span<const std::int32_t> values, double objective);
/// Such a file, or all values in order; -1 and 1 are read as spins. @throws UserError "<file>:<line>: …"
std::vector<std::int32_t> read_values(const std::filesystem::path& path, const model::QuboProblem& problem);

model::QapProblem read_qaplib(const std::filesystem::path& path);
model::QapProblem parse_qaplib(std::string_view text, std::string_view source);

}  // namespace tempera::instances
