namespace OrleansPayments.GrainEngine.Contract;

// Every rule in the one mode of this engine; ContractPageTests notices what is missing.

public sealed class OrleansActivationTests() : ActivationTests(EngineMode.Orleans);

public sealed class OrleansCallChainTests() : CallChainTests(EngineMode.Orleans);

public sealed class OrleansCallTests() : CallTests(EngineMode.Orleans);

public sealed class OrleansCancellationTests() : CancellationTests(EngineMode.Orleans);

public sealed class OrleansCollectionTests() : CollectionTests(EngineMode.Orleans);

public sealed class OrleansContextTests() : ContextTests(EngineMode.Orleans);

public sealed class OrleansDeactivationTests() : DeactivationTests(EngineMode.Orleans);

public sealed class OrleansDrainTests() : DrainTests(EngineMode.Orleans);

public sealed class OrleansIdentityTests() : IdentityTests(EngineMode.Orleans);

public sealed class OrleansTimeoutTests() : TimeoutTests(EngineMode.Orleans);

public sealed class OrleansTimerTests() : TimerTests(EngineMode.Orleans);

public sealed class OrleansTurnTests() : TurnTests(EngineMode.Orleans);

public sealed class OrleansCycleTests() : CycleTests(EngineMode.Orleans);

public sealed class OrleansFilterTests() : FilterTests(EngineMode.Orleans);

public sealed class OrleansFilterTurnTests() : FilterTurnTests(EngineMode.Orleans);
