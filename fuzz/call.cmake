quietroom_fuzzer(call quietroom_call)
