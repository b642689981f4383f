// What the schemas cannot say of the parts that all jobs share: words that exclude or need each other.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/descriptor/violation.hpp"

namespace tempera::descriptor {

/// Of a job that may break its schema in other places, too. @param type  its problem type, empty where that is not a known one
std::vector<Violation> job_violations(const nlohmann::json& job, const std::string& type);

/// What the schema of a problem type says beside the problem: a word of its own (x-...), which validators pass over.
std::vector<std::string> words_of(std::string_view problem_type, const char* list);

}  // namespace tempera::descriptor
