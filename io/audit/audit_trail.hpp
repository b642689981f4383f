// Who asked for what, what was found, and what was served: JSON lines in which every record seals the one before it.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace tempera::audit {

/// 64 hexadecimal digits. FIPS 180-4, by OpenSSL.
std::string sha256(std::string_view bytes);
/// Of a file's content. @throws as core::read_text
std::string sha256_of_file(const std::filesystem::path& file);

/// Grows a trail; records are CloudEvents 1.0 (specversion, id, source, type, time, data) with `previous`, the hash of the record
/// before (64 zeros first), and `hash`, SHA-256 of the record's compact JSON without that member.
class AuditTrail {
 public:
  /// Goes on behind an existing trail. @throws DataError when a record is broken, and as core::read_text
  explicit AuditTrail(std::filesystem::path file);

  void add(std::string_view type, const nlohmann::ordered_json& data, std::string_view time_utc);
  const std::string& head() const { return head_; }  ///< hash of the last record
  /// Writes the whole trail atomically. @throws DataError
  void write() const;

 private:
  std::filesystem::path file_;
  std::string text_;
  std::string head_;
  std::size_t records_ = 0;
};

struct AuditVerdict {
  std::size_t records = 0;
  std::string head;
  std::string fault;   ///< empty: every record is whole and in its place
};

/// Checks every record; with `expected_head` (from a result) also that none is missing or added at the end.
AuditVerdict verify(const std::filesystem::path& file, const std::optional<std::string>& expected_head);

}  // namespace tempera::audit
