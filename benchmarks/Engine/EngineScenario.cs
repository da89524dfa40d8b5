namespace OrleansPayments.Benchmarks.Engine;

/// <summary>What is done to the grains. The name is unique and crosses to the other engine's process.</summary>
/// <param name="Callers">How many wait for an answer at any time.</param>
/// <param name="Targets">Grains called: one, or <see cref="Spread"/>.</param>
internal sealed record EngineScenario(string Name, CallKind Kind, int Callers, int Targets)
{
    public const int ManyCallers = 64;

    /// <summary>A power of two, more than there are callers: two of them seldom meet.</summary>
    public const int Spread = 1_024;

    /// <summary>The one that the goal against Orleans is about.</summary>
    public static EngineScenario Goal { get; } = Calls(CallKind.Immediate, ManyCallers, Spread);

    /// <summary>New grains, each called once, by all callers together.</summary>
    public static EngineScenario Activation { get; } = new("first call of a new grain, 64 callers", CallKind.Immediate, ManyCallers, 20_000);

    public static IReadOnlyList<EngineScenario> All { get; } =
    [
        .. from kind in (CallKind[])[CallKind.Immediate, CallKind.Hop, CallKind.TwoGrains]
           from callers in (int[])[1, ManyCallers]
           from targets in (int[])[1, Spread]
           select Calls(kind, callers, targets),
        Activation,
    ];

    private static EngineScenario Calls(CallKind kind, int callers, int targets)
    {
        var what = kind switch
        {
            CallKind.Immediate => "immediate answer",
            CallKind.Hop => "one asynchronous hop",
            CallKind.TwoGrains => "grain to grain",
        };
        return new($"{what}, {callers} {(callers == 1 ? "caller" : "callers")}, {(targets == 1 ? "hot" : "spread")}", kind, callers, targets);
    }
}

internal enum CallKind
{
    /// <summary>The answer is there when the method returns.</summary>
    Immediate,

    /// <summary>The grain awaits once.</summary>
    Hop,

    /// <summary>The grain asks another grain, so there are two calls in one.</summary>
    TwoGrains,
}
