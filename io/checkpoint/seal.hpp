// A checksum behind the last byte of a run file. HDF5 itself does not check most of its own structures, and its library
// was seen to crash on a flipped bit; so nothing reaches it that does not carry its seal. HDF5 ignores trailing bytes.
#pragma once

#include <filesystem>
#include <string>

namespace tempera::checkpoint {

/// The bytes and 24 more: "TEMPSEAL", the length so far, and the FNV-1a hash of all before.
std::string sealed(std::string bytes);

/// @throws DataError when the file is missing, cut off, changed, or never was sealed
void check_seal(const std::filesystem::path& path);

}  // namespace tempera::checkpoint
