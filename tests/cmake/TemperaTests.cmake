# tempera_add_test(NAME unit.core SOURCES a.cpp ... [DEPENDS folder ...] [RANKS 1 2 3] [TIMEOUT seconds] [MEASURES_TIME])
# A GoogleTest binary. Without RANKS: one CTest entry without MPI. With RANKS: entries <name>@<ranks>, each under mpiexec.
# MEASURES_TIME: label time; another program on the machine can make it fail, so that tests/run repeats it alone (tests/README.md).
# The label is the first part of the name (unit, ranks, system, ...); the target tests_<label> builds all of a label.
include(GoogleTest)

set(TEMPERA_MPIEXEC_FLAGS --oversubscribe --allow-run-as-root --bind-to none CACHE STRING "Flags for mpiexec in tests")

function(tempera_add_test)
  cmake_parse_arguments(ARG "MEASURES_TIME" "NAME;TIMEOUT" "SOURCES;DEPENDS;RANKS;LINKS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  string(REPLACE "." "_" target "test_${ARG_NAME}")
  string(REGEX REPLACE "\\..*" "" label ${ARG_NAME})
  set(labels ${label})
  if(ARG_MEASURES_TIME)
    list(APPEND labels time)
  endif()
  add_executable(${target} ${ARG_SOURCES})
  if(NOT TARGET tests_${label})
    add_custom_target(tests_${label})
  endif()
  add_dependencies(tests_${label} ${target})
  set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  target_link_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-lto>)
  # stdc++ before our archives: their index, written for link-time optimisation, also promises its symbols, which they do not hold.
  target_link_libraries(${target} PRIVATE tempera::settings GTest::gtest stdc++ ${ARG_LINKS})
  foreach(dependency IN LISTS ARG_DEPENDS)
    string(REPLACE "/" "::" dependency "tempera::${dependency}")
    target_link_libraries(${target} PRIVATE ${dependency})
  endforeach()
  target_compile_definitions(${target} PRIVATE
    TEMPERA_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TEMPERA_DATA_DIR="${TEMPERA_DATA_DIR}")
  if(NOT ARG_RANKS)
    target_link_libraries(${target} PRIVATE GTest::gtest_main)
    add_test(NAME ${ARG_NAME} COMMAND ${target})
    set_tests_properties(${ARG_NAME} PROPERTIES LABELS "${labels}" TIMEOUT ${ARG_TIMEOUT})
    return()
  endif()
  target_link_libraries(${target} PRIVATE tempera::tests::rank_main)
  math(EXPR kill_after "${ARG_TIMEOUT} - 2")   # mpiexec ends its ranks itself, so that CTest leaves no orphans
  foreach(ranks IN LISTS ARG_RANKS)
    add_test(NAME ${ARG_NAME}@${ranks}
      COMMAND ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${ranks} ${TEMPERA_MPIEXEC_FLAGS} $<TARGET_FILE:${target}>)
    set_tests_properties(${ARG_NAME}@${ranks} PROPERTIES
      LABELS "${labels}" TIMEOUT ${ARG_TIMEOUT} PROCESSORS ${ranks}
      ENVIRONMENT "MPIEXEC_TIMEOUT=${kill_after};ASAN_OPTIONS=detect_leaks=0")
  endforeach()
endfunction()
