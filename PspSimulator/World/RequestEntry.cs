namespace OrleansPayments.PspSimulator.World;

/// <summary>One call as it reached the simulator. The query and the body are left out: they may carry card data.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Status">The HTTP status answered; 0 as long as no answer has been given, for ever if none was.</param>
internal readonly record struct RequestEntry(DateTimeOffset At, string Method, string Path, string? IdempotencyKey, int Status);
