find_package(benchmark REQUIRED)
add_executable(srtp_bench ${CMAKE_SOURCE_DIR}/bench/srtp_bench.cpp)
target_link_libraries(srtp_bench PRIVATE quietroom_transport benchmark::benchmark)
