// What kind of file a text is, by its content: so that a file of another kind gets a helpful message.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace tempera::instances {

enum class FileFormat : std::uint8_t {
  empty,
  vrplib,            ///< "KEY : value" lines and _SECTIONs (TSPLIB family)
  cvrplib_solution,  ///< "Route #1: 3 5"
  solomon,           ///< VRPTW: name, VEHICLE, NUMBER CAPACITY, CUSTOMER
  gset,              ///< Max-Cut: "n m", then lines "i j w", 1-based, i != j
  qubo,              ///< qbsolv: "p qubo ..." or Beasley: "n m", then "i j w" with diagonal entries
  coo,               ///< bare "i j w" lines, no heading
  network_txt,       ///< inventory: "n a", then "T w cap" per stage and "i j" per arc
  network_csv,       ///< inventory: stages as comma-separated lines with a heading stage_id,...
  qaplib,            ///< "n", then two n x n matrices
  bqm,               ///< dimod binary quadratic model, JSON
  json,
  hdf5,
  gzip,
  binary,            ///< bytes that no text has, and no known magic number
  unknown,
};

/// Looks at the first 64 KiB of `text` at most.
FileFormat recognise(std::string_view text);
/// The same for a file. Throws as read_text does.
FileFormat recognise_file(const std::filesystem::path& path);
/// For messages: "a Gset graph (Max-Cut)".
std::string_view description(FileFormat format);

}  // namespace tempera::instances
