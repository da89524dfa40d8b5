namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>A clock that stands until a test moves it; timers run on the machine's.</summary>
public sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
