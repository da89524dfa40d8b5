using System.Globalization;
using Orleans.Simulation;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// A payment service provider as the outside sees it: takes each reference once, whenever it arrives, and repeats its answer to a repetition. What a card comes to
/// depends on its number, so that a run's every sending of it agrees.
/// </summary>
internal sealed class ProviderServer(string name, SimulationLoop loop, SeededRandom random, FaultPlan faults)
{
    private readonly SortedDictionary<string, Charge> _charges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OperationResult> _operations = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Looks at each charge in the moment in which it first takes effect.</summary>
    public Action<ProviderServer, Charge>? OnEffect { get; set; }

    /// <summary>Looks at each capture (with its amount) and cancellation (without) when it first arrives.</summary>
    public Action<ProviderServer, Charge, OperationReference, Money?>? OnOperation { get; set; }

    public IEnumerable<Charge> Charges => _charges.Values;

    private bool Faulty => loop.Elapsed < faults.QuietAfter;

    /// <summary>The way of one charge from the silo to the provider and back. The answer is given in the silo, if it still lives.</summary>
    public void Send(SimulatedProcess silo, ChargeRequest request, Action<ChargeResult> answer)
    {
        Carry(
            silo, request.Reference.ToString(), () => Take(request), answer,
            unreachable: new ChargeResult.NotSent("connection_refused"), error: new ChargeResult.Unknown("server_error"));
    }

    /// <summary>The way of one capture or cancellation.</summary>
    /// <param name="amount">To capture; null to release.</param>
    public void Operate(SimulatedProcess silo, string charge, OperationReference reference, Money? amount, bool isFinal, Action<OperationResult> answer) =>
        Carry(
            silo, reference.ToString(), () => Operate(charge, reference, amount, isFinal), answer,
            unreachable: new OperationResult.NotSent(Refusal("connector_unreachable")), error: new OperationResult.Unknown("server_error"));

    /// <summary>The way of one question.</summary>
    public void Ask(SimulatedProcess silo, ChargeInquiry inquiry, Action<ChargeResult> answer)
    {
        if (Hits(faults.RequestLost)) return;
        var error = Hits(faults.ServerErrorBefore);
        loop.Outside.After(Latency(), () =>
        {
            var result = error ? new ChargeResult.Unknown("server_error") : Find(inquiry);
            silo.After(Latency(), () => answer(result));
        });
    }

    private void Carry<T>(SimulatedProcess silo, string what, Func<T> effect, Action<T> answer, T unreachable, T error)
    {
        if (Hits(faults.ConnectionRefused))
        {
            silo.After(Latency(), () => answer(unreachable));
            return;
        }

        if (Hits(faults.RequestLost))
        {
            loop.Note($"{what} to {name} is lost on its way");
            return;
        }

        var flight = Hits(faults.RequestLate) ? random.Between(TimeSpan.FromSeconds(1), FaultPlan.LongestFlight) : Latency();
        var errorBefore = Hits(faults.ServerErrorBefore);
        var errorAfter = Hits(faults.ServerErrorAfter);
        var answerLost = Hits(faults.AnswerLost);
        loop.Outside.After(flight, () =>
        {
            var result = errorBefore ? error : effect();
            if (errorAfter) result = error;
            if (!answerLost) silo.After(Latency(), () => answer(result));
        });
    }

    private OperationResult Operate(string id, OperationReference reference, Money? amount, bool isFinal)
    {
        if (_operations.TryGetValue(reference.ToString(), out var known)) return known;
        var charge = _charges.Values.Single(charge => charge.Id == id);
        OnOperation?.Invoke(this, charge, reference, amount);
        var done = amount is { } asked ? charge.TryCapture(asked, isFinal) : charge.TryRelease();
        loop.Note($"{name} does {reference}: {done}");
        OperationResult result = done ? new OperationResult.Done(charge.Captured) : new OperationResult.Refused(Refusal("charge_in_other_state"));
        _operations.Add(reference.ToString(), result);
        return result;
    }

    private static PaymentError Refusal(string code) => new(code, "Not done.", null, RetryAdvice.RetryLater);

    private ChargeResult Take(ChargeRequest request)
    {
        var reference = request.Reference.ToString();
        if (!_charges.TryGetValue(reference, out var charge))
        {
            var number = (_charges.Count + 1).ToString(CultureInfo.InvariantCulture);
            var lag = Hits(faults.SearchBehind) ? random.Between(TimeSpan.Zero, FaultPlan.LongestSearchLag) : TimeSpan.Zero;
            charge = new Charge($"{name}_{number}", request, loop.Elapsed + lag, FateOf(request.Card));
            _charges.Add(reference, charge);
            loop.Note($"{name} takes {reference}: {charge.Fate}");
            OnEffect?.Invoke(this, charge);
            if (charge.Fate is CardFate.ApprovedLater or CardFate.DeclinedLater)
                loop.Outside.After(random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)), () => charge.Settle());
        }

        return AnswerOf(charge);
    }

    private ChargeResult Find(ChargeInquiry inquiry)
    {
        if (!_charges.TryGetValue(inquiry.Reference.ToString(), out var charge)) return new ChargeResult.NotFound();

        // With the provider's own id it is looked up and not searched for.
        return inquiry.ConnectorReference == charge.Id || charge.SearchableFrom <= loop.Elapsed ? AnswerOf(charge) : new ChargeResult.NotFound();
    }

    private static ChargeResult AnswerOf(Charge charge) => charge.Fate switch
    {
        CardFate.Approved when charge.IsManual => new ChargeResult.Authorized(charge.Id, charge.Amount),
        CardFate.Approved => new ChargeResult.Approved(charge.Id, charge.Amount),
        CardFate.Declined => new ChargeResult.Declined(
            new PaymentError("card_declined", "The card was declined.", "generic_decline", RetryAdvice.TryOtherMethod), charge.Id),
        _ => new ChargeResult.Pending(charge.Id),
    };

    private static CardFate FateOf(CardDetails card) => (CardFate)(card.Number[^1] - '0');

    private bool Hits(double probability) => Faulty && random.Chance(probability);

    private TimeSpan Latency() => random.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400));
}
