using OrleansPayments.Grains.Connectors;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// What the system can know of each attempt: what was sent, and which answers reached the silo. It is kept beside the grains, so that what they believe can be compared.
/// </summary>
internal sealed class Hearsay
{
    private readonly Dictionary<AttemptReference, int> _open = [];
    private readonly Dictionary<AttemptReference, ChargeResult> _last = [];

    /// <summary>It has left.</summary>
    public void Sent(AttemptReference attempt) => _open[attempt] = _open.GetValueOrDefault(attempt) + 1;

    /// <summary>An answer was taken; what says nothing definite leaves its sending open.</summary>
    public void Heard(AttemptReference attempt, ChargeResult answer)
    {
        _last[attempt] = answer;
        if (answer is not (ChargeResult.Unknown or ChargeResult.NotSent)) _open[attempt]--;
    }

    /// <summary>Whether it is known that the attempt took nothing. A decline is of the charge, however often it was sent; any other refusal only of that one sending.</summary>
    public bool IsKnownToHaveTakenNothing(AttemptReference attempt) => _last.GetValueOrDefault(attempt) switch
    {
        ChargeResult.Declined => true,
        ChargeResult.NotSent or ChargeResult.Rejected => _open.GetValueOrDefault(attempt) == 0,
        _ => false,
    };
}
