// Checkpoints of a QAOA: its angles, and if wanted the amplitudes in global index order, readable on any number of ranks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "solvers/core/rank_group.hpp"

namespace tempera::checkpoint {

struct AnglesRecord {
  std::int32_t qubits = 0;
  std::string problem;          ///< name or file
  std::vector<double> gamma;    ///< radians per cost unit
  std::vector<double> beta;     ///< radians
  double value = 0;             ///< what the angles reach: expected cost or tail mean
  std::string quantity;         ///< which of the two
};

/// Replaces the file whole or not at all. @throws DataError
void write_angles(const std::filesystem::path& path, const AnglesRecord& record);
/// @throws UserError for a file that is missing or not such a record
AnglesRecord read_angles(const std::filesystem::path& path);

/// Copies amplitudes first .. first + pairs.size() / 2 - 1 of this rank out of, or into, pairs of real and imaginary parts.
using StateSlice = std::function<void(std::uint64_t first, std::span<double> pairs)>;

/// Writes 2^qubits amplitudes, rank after rank in index order: rank r holds the r-th equal part. The file appears when it is
/// whole. Collective. @throws DataError on every rank when one rank fails
void write_state(const std::filesystem::path& path, int qubits, core::RankGroup& ranks, const StateSlice& copy_out);
/// The qubits of a state file. @throws UserError
int state_qubits(const std::filesystem::path& path);
/// Gives each rank its part, rank after rank, whatever number of ranks wrote it. Collective.
/// @throws UserError when the file does not hold 2^qubits amplitudes
void read_state(const std::filesystem::path& path, int qubits, core::RankGroup& ranks, const StateSlice& copy_in);

}  // namespace tempera::checkpoint
