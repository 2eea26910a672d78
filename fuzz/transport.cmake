quietroom_fuzzer(transport_srtp quietroom_transport)
quietroom_fuzzer(transport_peer quietroom_transport)
target_include_directories(fuzz_transport_peer PRIVATE ${CMAKE_SOURCE_DIR}/tests)  # the simulated network
