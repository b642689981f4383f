# Third-party packages, found once, all from Debian 12. Each is linked by the folders that name it under LINKS.
find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(MPI 3.1 REQUIRED COMPONENTS C)
find_package(Boost 1.74 REQUIRED COMPONENTS serialization)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(nanoflann REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_path(VALIJSON_INCLUDE valijson/validator.hpp REQUIRED)   # header only, in the system's include path
find_package(rapidcheck REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(NLOPT REQUIRED IMPORTED_TARGET nlopt)
pkg_check_modules(CBC REQUIRED IMPORTED_TARGET cbc osi-cbc clp)

# HDF5 built for Open MPI: Debian keeps it beside the serial build, so it is named outright.
pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5-openmpi)

find_path(RANDOM123_INCLUDE Random123/philox.h REQUIRED)
add_library(random123 INTERFACE)
target_include_directories(random123 SYSTEM INTERFACE ${RANDOM123_INCLUDE})
