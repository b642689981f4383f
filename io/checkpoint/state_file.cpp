#include "io/checkpoint/state_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "io/checkpoint/h5.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/core/error.hpp"

namespace tempera::checkpoint {

namespace {
constexpr std::int32_t angles_version = 1, state_version = 1;
constexpr std::uint64_t piece = std::uint64_t{1} << 16;  // amplitudes copied at once

// One list of fields for writer and reader.
template <class File, class Record>
void angle_fields(File& file, Record& record, std::int32_t& version) {
  file.group("qaoa_angles", [&] {
    file.attribute("version", version);
    file.attribute("qubits", record.qubits);
    file.attribute("problem", record.problem);
    file.attribute("value", record.value);
    file.attribute("quantity", record.quantity);
    file.dataset("gamma", record.gamma, "rad per cost unit");
    file.dataset("beta", record.beta, "rad");
  });
}

void must(herr_t code, const std::filesystem::path& path, const char* what) {
  if (code < 0) throw core::DataError(fmt::format("{}: cannot {}.", path.string(), what));
}

h5::Handle open_file(const std::filesystem::path& path, unsigned flags) { return {H5Fopen(path.c_str(), flags, H5P_DEFAULT), H5Fclose, path, "open"}; }

// The numbers of amplitudes first.. in the dataset, selected in its file space.
h5::Handle selection(hid_t dataset, std::uint64_t first, std::uint64_t count, const std::filesystem::path& path) {
  h5::Handle space(H5Dget_space(dataset), H5Sclose, path, "read the shape of amplitudes");
  const hsize_t start[] = {first, 0}, size[] = {count, 2};
  must(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, size, nullptr), path, "select amplitudes");
  return space;
}

// All space is taken now, so that a full disk is met here and not rank after rank.
void create(const std::filesystem::path& path, int qubits) {
  const std::uint64_t bytes = (std::uint64_t{16} << qubits) + (1 << 20);
  std::error_code unknown;
  const auto space = std::filesystem::space(path.parent_path().empty() ? "." : path.parent_path(), unknown);
  if (!unknown && space.available < bytes)
    throw core::DataError(fmt::format("{}: a state of {} qubits takes {:.3g} GiB, but {:.3g} GiB are free there.", path.string(), qubits, static_cast<double>(bytes) / (1u << 30),
                                      static_cast<double>(space.available) / (1u << 30)));
  const hsize_t shape[] = {hsize_t{1} << qubits, 2};
  h5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose, path, "create");
  {
    const h5::Handle dataspace(H5Screate_simple(2, shape, nullptr), H5Sclose, path, "shape amplitudes");
    const h5::Handle settings(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, path, "set up amplitudes");
    must(H5Pset_alloc_time(settings.get(), H5D_ALLOC_TIME_EARLY), path, "set up amplitudes");
    must(H5Pset_fill_time(settings.get(), H5D_FILL_TIME_NEVER), path, "set up amplitudes");
    h5::Handle dataset(H5Dcreate2(file.get(), "amplitudes", H5T_NATIVE_DOUBLE, dataspace.get(), H5P_DEFAULT, settings.get(), H5P_DEFAULT), H5Dclose, path, "create amplitudes");
    const h5::Handle scalar(H5Screate(H5S_SCALAR), H5Sclose, path, "create a scalar");
    for (const auto& [name, value] : {std::pair{"version", state_version}, std::pair{"qubits", static_cast<std::int32_t>(qubits)}}) {
      const h5::Handle attribute(H5Acreate2(dataset.get(), name, H5T_NATIVE_INT32, scalar.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, path, "create an attribute");
      must(H5Awrite(attribute.get(), H5T_NATIVE_INT32, &value), path, "write an attribute");
    }
    dataset.close(path);
  }
  file.close(path);
}

template <class Move>
void over_own_part(int qubits, core::RankGroup& ranks, Move move) {
  const std::uint64_t own = (std::uint64_t{1} << qubits) / static_cast<std::uint64_t>(ranks.size());
  std::vector<double> pairs;
  for (std::uint64_t first = 0; first < own; first += piece) {
    pairs.resize(2 * std::min(piece, own - first));
    move(first, static_cast<std::uint64_t>(ranks.rank()) * own + first, std::span<double>(pairs));
  }
}

void write_part(const std::filesystem::path& path, int qubits, core::RankGroup& ranks, const StateSlice& copy_out) {
  h5::Handle file = open_file(path, H5F_ACC_RDWR);
  {
    h5::Handle dataset(H5Dopen2(file.get(), "amplitudes", H5P_DEFAULT), H5Dclose, path, "open amplitudes");
    over_own_part(qubits, ranks, [&](std::uint64_t local, std::uint64_t global, std::span<double> pairs) {
      copy_out(local, pairs);
      const h5::Handle place = selection(dataset.get(), global, pairs.size() / 2, path);
      const hsize_t shape[] = {pairs.size() / 2, 2};
      const h5::Handle memory(H5Screate_simple(2, shape, nullptr), H5Sclose, path, "shape a piece");
      must(H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, memory.get(), place.get(), H5P_DEFAULT, pairs.data()), path, "write amplitudes");
    });
    dataset.close(path);
  }
  file.close(path);
}

void read_part(const std::filesystem::path& path, int qubits, core::RankGroup& ranks, const StateSlice& copy_in) {
  const h5::Handle file = open_file(path, H5F_ACC_RDONLY);
  const h5::Handle dataset(H5Dopen2(file.get(), "amplitudes", H5P_DEFAULT), H5Dclose, path, "open amplitudes");
  over_own_part(qubits, ranks, [&](std::uint64_t local, std::uint64_t global, std::span<double> pairs) {
    const h5::Handle place = selection(dataset.get(), global, pairs.size() / 2, path);
    const hsize_t shape[] = {pairs.size() / 2, 2};
    const h5::Handle memory(H5Screate_simple(2, shape, nullptr), H5Sclose, path, "shape a piece");
    must(H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, memory.get(), place.get(), H5P_DEFAULT, pairs.data()), path, "read amplitudes");
    copy_in(local, pairs);
  });
}

// Runs `body` on one rank; when it fails there, all ranks throw: a UserError where that one does.
template <class Body>
void on_rank(core::RankGroup& ranks, int rank, const std::filesystem::path& path, Body body) {
  std::exception_ptr own;
  double failed = 0;
  if (ranks.rank() == rank) {
    try {
      body();
    } catch (const core::UserError&) {
      own = std::current_exception(), failed = 1;
    } catch (...) {
      own = std::current_exception(), failed = 2;
    }
  }
  ranks.sum({&failed, 1});
  if (own) std::rethrow_exception(own);
  const std::string text = fmt::format("{}: rank {} could not do its part.", path.string(), rank);
  if (failed == 1) throw core::UserError(text);
  if (failed == 2) throw core::DataError(text);
}
}  // namespace

void write_angles(const std::filesystem::path& path, const AnglesRecord& record) {
  h5::Writer file(path);
  std::int32_t version = angles_version;
  AnglesRecord copy = record;
  angle_fields(file, copy, version);
  core::write_text_atomically(path, file.finish());
}

AnglesRecord read_angles(const std::filesystem::path& path) {
  AnglesRecord record;
  std::int32_t version = 0;
  try {
    h5::Reader file(path);
    angle_fields(file, record, version);
  } catch (const core::DataError& error) {
    throw core::UserError(fmt::format("{} Give the angles file of an earlier run.", error.what()));
  }
  if (version != angles_version) throw core::UserError(fmt::format("{}: angles of layout version {}, but this build reads version {}.", path.string(), version, angles_version));
  if (record.gamma.size() != record.beta.size() || record.gamma.empty())
    throw core::UserError(fmt::format("{}: holds {} gamma and {} beta; a depth of p has p of each.", path.string(), record.gamma.size(), record.beta.size()));
  return record;
}

void write_state(const std::filesystem::path& path, int qubits, core::RankGroup& ranks, const StateSlice& copy_out) {
  std::filesystem::path temporary = path;
  temporary += ".part";
  on_rank(ranks, 0, path, [&] { create(temporary, qubits); });
  for (int rank = 0; rank < ranks.size(); ++rank) on_rank(ranks, rank, path, [&] { write_part(temporary, qubits, ranks, copy_out); });
  on_rank(ranks, 0, path, [&] { std::filesystem::rename(temporary, path); });
}

int state_qubits(const std::filesystem::path& path) {
  try {
    const h5::Handle file = open_file(path, H5F_ACC_RDONLY);
    const h5::Handle dataset(H5Dopen2(file.get(), "amplitudes", H5P_DEFAULT), H5Dclose, path, "open amplitudes");
    const h5::Handle attribute(H5Aopen(dataset.get(), "qubits", H5P_DEFAULT), H5Aclose, path, "open the number of qubits");
    std::int32_t qubits = 0;
    must(H5Aread(attribute.get(), H5T_NATIVE_INT32, &qubits), path, "read the number of qubits");
    const h5::Handle space(H5Dget_space(dataset.get()), H5Sclose, path, "read the shape of amplitudes");
    hsize_t shape[2] = {};
    if (H5Sget_simple_extent_ndims(space.get()) != 2 || H5Sget_simple_extent_dims(space.get(), shape, nullptr) != 2 || qubits < 1 || qubits > 62 ||
        shape[0] != hsize_t{1} << qubits || shape[1] != 2)
      throw core::DataError(fmt::format("{}: its amplitudes are not 2^{} pairs.", path.string(), qubits));
    return qubits;
  } catch (const core::DataError& error) {
    throw core::UserError(fmt::format("{} Give the state file of an earlier run.", error.what()));
  }
}

void read_state(const std::filesystem::path& path, int qubits, core::RankGroup& ranks, const StateSlice& copy_in) {
  double found = 0;
  on_rank(ranks, 0, path, [&] { found = state_qubits(path); });
  ranks.sum({&found, 1});
  if (found != qubits) throw core::UserError(fmt::format("{}: holds a state of {} qubits, but {} are asked for.", path.string(), found, qubits));
  for (int rank = 0; rank < ranks.size(); ++rank) on_rank(ranks, rank, path, [&] { read_part(path, qubits, ranks, copy_in); });
}

}  // namespace tempera::checkpoint
