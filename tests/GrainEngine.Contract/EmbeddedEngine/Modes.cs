namespace OrleansPayments.GrainEngine.Contract;

// Every rule in every mode of this engine; ContractPageTests notices what is missing.

public sealed class InlineActivationTests() : ActivationTests(EngineMode.Inline);

public sealed class QueuedActivationTests() : ActivationTests(EngineMode.Queued);

public sealed class InlineCallChainTests() : CallChainTests(EngineMode.Inline);

public sealed class QueuedCallChainTests() : CallChainTests(EngineMode.Queued);

public sealed class InlineCallTests() : CallTests(EngineMode.Inline);

public sealed class QueuedCallTests() : CallTests(EngineMode.Queued);

public sealed class InlineCancellationTests() : CancellationTests(EngineMode.Inline);

public sealed class QueuedCancellationTests() : CancellationTests(EngineMode.Queued);

public sealed class InlineCollectionTests() : CollectionTests(EngineMode.Inline);

public sealed class QueuedCollectionTests() : CollectionTests(EngineMode.Queued);

public sealed class InlineContextTests() : ContextTests(EngineMode.Inline);

public sealed class QueuedContextTests() : ContextTests(EngineMode.Queued);

public sealed class InlineDeactivationTests() : DeactivationTests(EngineMode.Inline);

public sealed class QueuedDeactivationTests() : DeactivationTests(EngineMode.Queued);

public sealed class InlineDrainTests() : DrainTests(EngineMode.Inline);

public sealed class QueuedDrainTests() : DrainTests(EngineMode.Queued);

public sealed class InlineIdentityTests() : IdentityTests(EngineMode.Inline);

public sealed class QueuedIdentityTests() : IdentityTests(EngineMode.Queued);

public sealed class InlineTimeoutTests() : TimeoutTests(EngineMode.Inline);

public sealed class QueuedTimeoutTests() : TimeoutTests(EngineMode.Queued);

public sealed class InlineTimerTests() : TimerTests(EngineMode.Inline);

public sealed class QueuedTimerTests() : TimerTests(EngineMode.Queued);

public sealed class InlineTurnTests() : TurnTests(EngineMode.Inline);

public sealed class QueuedTurnTests() : TurnTests(EngineMode.Queued);

public sealed class InlineCycleTests() : CycleTests(EngineMode.Inline);

public sealed class QueuedCycleTests() : CycleTests(EngineMode.Queued);

public sealed class InlineFilterTests() : FilterTests(EngineMode.Inline);

public sealed class QueuedFilterTests() : FilterTests(EngineMode.Queued);

public sealed class InlineFilterTurnTests() : FilterTurnTests(EngineMode.Inline);

public sealed class QueuedFilterTurnTests() : FilterTurnTests(EngineMode.Queued);
