#include "io/audit/audit_trail.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>

#include "solvers/core/atomic_file.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/text_file.hpp"

namespace tempera::audit {

namespace {
using Json = nlohmann::ordered_json;

std::string hash_of(Json record) {
  record.erase("hash");
  return sha256(record.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// Empty when `line` is the record behind one with the hash `previous`; else what is wrong.
std::string fault_of(const std::string& line, const std::string& previous, std::string& hash) {
  const Json record = Json::parse(line, nullptr, false);
  if (!record.is_object() || !record.contains("hash") || !record.contains("previous")) return "is not an audit record";
  if (record["previous"] != previous) return "does not follow the record before it: one was changed, removed or added";
  if (record["hash"] != hash_of(record)) return "was changed: its hash does not fit its content";
  hash = record["hash"].get<std::string>();
  return {};
}

AuditVerdict check_text(const std::string& text) {
  AuditVerdict verdict;
  verdict.head = std::string(64, '0');
  for (std::size_t first = 0; first < text.size();) {
    const std::size_t end = text.find('\n', first);
    const std::string fault = end == std::string::npos ? "is cut off" : fault_of(text.substr(first, end - first), verdict.head, verdict.head);
    if (!fault.empty()) {
      verdict.fault = fmt::format("record {} {}", verdict.records + 1, fault);
      return verdict;
    }
    ++verdict.records;
    first = end + 1;
  }
  return verdict;
}
}  // namespace

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  TEMPERA_ASSERT(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1 && size == digest.size(), "OpenSSL gives no SHA-256");
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

std::string sha256_of_file(const std::filesystem::path& file) { return sha256(core::read_text(file)); }

AuditTrail::AuditTrail(std::filesystem::path file) : file_(std::move(file)), head_(64, '0') {
  if (!std::filesystem::exists(file_)) return;
  text_ = core::read_text(file_);
  const AuditVerdict verdict = check_text(text_);
  if (!verdict.fault.empty())
    throw core::DataError(fmt::format("{}: {}. Keep the file as evidence under another name; a new trail then begins.", file_.string(), verdict.fault));
  records_ = verdict.records;
  head_ = verdict.head;
}

void AuditTrail::add(std::string_view type, const Json& data, std::string_view time_utc) {
  Json record = {{"specversion", "1.0"}, {"id", std::to_string(++records_)}, {"source", "tempera"}, {"type", fmt::format("tempera.{}", type)}, {"time", time_utc},
                 {"datacontenttype", "application/json"}, {"data", data}, {"previous", head_}};
  head_ = hash_of(record);
  record["hash"] = head_;
  text_ += record.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void AuditTrail::write() const { core::write_text_atomically(file_, text_); }

AuditVerdict verify(const std::filesystem::path& file, const std::optional<std::string>& expected_head) {
  AuditVerdict verdict = check_text(core::read_text(file));
  if (verdict.fault.empty() && expected_head && verdict.head != *expected_head)
    verdict.fault = fmt::format("the trail ends with another record than the result names: {} were found, some are missing or added at its end", verdict.records);
  return verdict;
}

}  // namespace tempera::audit
