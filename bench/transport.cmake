# Google Benchmark is a developer's package: where it is not, the rest builds without these programs.
find_package(benchmark QUIET)
if(benchmark_FOUND)
  add_executable(srtp_bench ${CMAKE_SOURCE_DIR}/bench/srtp_bench.cpp)
  target_link_libraries(srtp_bench PRIVATE quietroom_transport benchmark::benchmark)
endif()
