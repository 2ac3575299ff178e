import { configure } from '@testing-library/react';

// What is awaited comes at once on an idle machine; on a busy one it must not be the clock that fails a test.
configure({ asyncUtilTimeout: 20_000 });
