namespace OrleansPayments.Silo.Persistence.Tests.Infrastructure;

/// <summary>A wall clock that stands where a test puts it; timers run as usual.</summary>
internal sealed class SteppingClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
