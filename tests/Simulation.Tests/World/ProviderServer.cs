using System.Globalization;
using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// A payment service provider as the outside sees it: takes each reference once, whenever it arrives, and repeats its answer to a repetition. What a card comes to
/// depends on its number, so that a run's every sending of it agrees.
/// </summary>
internal sealed class ProviderServer(string name, SimulationLoop loop, SeededRandom random, FaultPlan faults)
{
    private static readonly PaymentError CardDeclined = new("card_declined", "The card was declined.", "generic_decline", RetryAdvice.TryOtherMethod);

    private static readonly PaymentError NotNow = new("processing_error", "Not now.", "processing_error", RetryAdvice.RetryLater);

    private readonly Downtime _downtime = new(random, faults);
    private readonly SortedDictionary<string, Charge> _charges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChargeResult> _firstAnswers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OperationResult> _operations = new(StringComparer.Ordinal);
    private readonly List<string> _onTheirWay = [];
    private readonly Dictionary<string, TimeSpan> _sent = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Shared by all providers.</summary>
    public Hearsay Hearsay { get; init; } = new();

    /// <summary>Looks at each sending of a charge when it leaves.</summary>
    public Action<ProviderServer, AttemptReference>? OnSend { get; set; }

    /// <summary>Looks at each charge in the moment in which it is first taken, and in which it is approved.</summary>
    public Action<ProviderServer, Charge>? OnEffect { get; set; }

    /// <summary>Looks at each capture (with its amount) and cancellation (without) when it first arrives.</summary>
    public Action<ProviderServer, Charge, OperationReference, Money?>? OnOperation { get; set; }

    /// <summary>A charge has changed.</summary>
    public Action<ProviderServer, Charge>? OnChange { get; set; }

    public IEnumerable<Charge> Charges => _charges.Values;

    /// <summary>How much of what it does by itself is still to come.</summary>
    public int UnderWay { get; private set; }

    private bool Faulty => loop.Elapsed < faults.QuietAfter;

    /// <summary>The way of one charge from the silo to the provider and back. The answer is given in the silo, if it still lives.</summary>
    public void Send(SimulatedProcess silo, ChargeRequest request, Action<ChargeResult> answer) =>
        Carry(
            silo, request.Reference.ToString(), isLate => Take(request, isLate), answer,
            unreachable: new ChargeResult.NotSent("connection_refused"), error: new ChargeResult.Unknown("server_error"),
            leaving: () =>
            {
                OnSend?.Invoke(this, request.Reference);
                Hearsay.Sent(request.Reference);
            });

    /// <summary>The way of one capture or cancellation.</summary>
    /// <param name="amount">To capture; null to release.</param>
    public void Operate(SimulatedProcess silo, string charge, OperationReference reference, Money? amount, bool isFinal, Action<OperationResult> answer) =>
        Carry(
            silo, reference.ToString(), isLate => Operate(charge, reference, amount, isFinal, isLate), answer,
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

    /// <summary>The way of one look at a charge by its own id.</summary>
    public void Inspect(SimulatedProcess silo, string id, Action<ChargeNotice?> answer)
    {
        if (Hits(faults.RequestLost)) return;
        var error = Hits(faults.ServerErrorBefore);
        loop.Outside.After(Latency(), () =>
        {
            var seen = !error && _charges.Values.FirstOrDefault(charge => charge.Id == id) is { } charge ? Describe(charge) : null;
            silo.After(Latency(), () => answer(seen));
        });
    }

    /// <summary>The payer is on the page that a charge sent it to.</summary>
    public void Act(Charge charge)
    {
        var isDecidedLater = random.Chance(0.3);
        if (!charge.TryAct(isDecidedLater)) return;
        loop.Note($"the payer acts on {charge.Id}: {charge.Status}");
        Changed(charge);
        if (isDecidedLater) SettleLater(charge);
    }

    /// <summary>When a reference was last sent, arrived or not; null when it never was.</summary>
    public TimeSpan? LastSent(string reference) => _sent.TryGetValue(reference, out var at) ? at : null;

    /// <summary>Whether a charge that was sent is still on its way.</summary>
    public bool IsOnItsWay(AttemptReference attempt) => _onTheirWay.Contains(attempt.ToString());

    /// <summary>What became of a capture or cancellation; null when it never arrived.</summary>
    public OperationResult? ResultOf(OperationReference reference) => _operations.GetValueOrDefault(reference.ToString());

    private void Carry<T>(SimulatedProcess silo, string what, Func<bool, T> effect, Action<T> answer, T unreachable, T error, Action? leaving = null)
    {
        var down = _downtime.At(loop.Elapsed);
        if (down == DownMode.TakesNoConnection || Hits(faults.ConnectionRefused))
        {
            silo.After(Latency(), () => answer(unreachable));
            return;
        }

        _sent[what] = loop.Elapsed;
        leaving?.Invoke();
        if (down == DownMode.IsSilent || Hits(faults.RequestLost))
        {
            loop.Note($"{what} to {name} is lost on its way");
            return;
        }

        var isLate = Hits(faults.RequestTooLate);
        var flight = isLate ? random.Between(FaultPlan.SettlingWindow, FaultPlan.SettlingWindow * 3)
            : Hits(faults.RequestLate) ? random.Between(TimeSpan.FromSeconds(1), FaultPlan.LongestFlight) : Latency();
        var errorBefore = down == DownMode.AnswersErrors || Hits(faults.ServerErrorBefore);
        var errorAfter = Hits(faults.ServerErrorAfter);
        var answerLost = Hits(faults.AnswerLost);
        UnderWay++;
        _onTheirWay.Add(what);
        loop.Outside.After(flight, () =>
        {
            UnderWay--;
            _onTheirWay.Remove(what);
            var result = errorBefore ? error : effect(isLate);
            if (errorAfter) result = error;
            if (!answerLost) silo.After(Latency(), () => answer(result));
        });
    }

    private OperationResult Operate(string id, OperationReference reference, Money? amount, bool isFinal, bool isLate)
    {
        if (_operations.TryGetValue(reference.ToString(), out var known)) return known;
        var charge = _charges.Values.Single(charge => charge.Id == id);
        charge.IsExcused |= isLate;
        OnOperation?.Invoke(this, charge, reference, amount);
        var done = amount is { } asked ? charge.TryCapture(asked, isFinal) : charge.TryCancel();
        loop.Note($"{name} does {reference}: {done}");
        OperationResult result = done ? new OperationResult.Done(charge.Captured) : new OperationResult.Refused(Refusal("charge_in_other_state"));
        _operations.Add(reference.ToString(), result);
        if (done) Changed(charge);
        return result;
    }

    private static PaymentError Refusal(string code) => new(code, "Not done.", null, RetryAdvice.RetryLater);

    private ChargeResult Take(ChargeRequest request, bool isLate)
    {
        var reference = request.Reference.ToString();
        if (_charges.TryGetValue(reference, out var known)) return faults.ReplaysFirstAnswer ? _firstAnswers[reference] : AnswerOf(known);

        if (Hits(faults.AccountRefused)) return new ChargeResult.Rejected(Refusal("connector_credentials_refused"));

        var number = (_charges.Count + 1).ToString(CultureInfo.InvariantCulture);
        var lag = Hits(faults.SearchBehind) ? random.Between(TimeSpan.Zero, FaultPlan.LongestSearchLag) : TimeSpan.Zero;
        var charge = new Charge($"{name}_{number}", request, loop.Elapsed + lag, Hits(faults.DeclinedForNow) ? CardFate.DeclinedForNow : FateOf(request.Card)) { IsExcused = isLate };
        _charges.Add(reference, charge);
        loop.Note($"{name} takes {reference}: {charge.Fate}");
        OnEffect?.Invoke(this, charge);
        OnChange?.Invoke(this, charge);
        if (charge.Status == ChargeStatus.Pending) SettleLater(charge);
        if (charge.WasApproved) LetGoLater(charge);
        if (charge.Status == ChargeStatus.Declined) PayAfterAll(charge);
        return _firstAnswers[reference] = AnswerOf(charge);
    }

    private ChargeNotice Describe(Charge charge)
    {
        var (error, action) = DetailsOf(charge);
        return new ChargeNotice(
            "inquiry", "inquiry", ConnectorName.Parse(Name), charge.Reference.Attempt, charge.Id, charge.Status, charge.Amount, charge.Captured, error, action);
    }

    private ChargeResult Find(ChargeInquiry inquiry)
    {
        if (!_charges.TryGetValue(inquiry.Reference.ToString(), out var charge)) return new ChargeResult.NotFound();

        // With the provider's own id it is looked up and not searched for.
        return inquiry.ConnectorReference == charge.Id || charge.SearchableFrom <= loop.Elapsed ? AnswerOf(charge) : new ChargeResult.NotFound();
    }

    private void SettleLater(Charge charge) => Later(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), () =>
    {
        charge.Settle();
        Changed(charge);
    });

    private void PayAfterAll(Charge charge)
    {
        if (!Hits(faults.PaidAfterAll)) return;
        Later(TimeSpan.Zero, TimeSpan.FromSeconds(120), () =>
        {
            if (!charge.TryPayAfterAll()) return;
            loop.Note($"somebody pays {charge.Id} at {name} with another card");
            Changed(charge);
        });
    }

    // An authorisation's time is over, or a person at the provider's desk released it.
    private void LetGoLater(Charge charge)
    {
        if (!charge.IsManual || !Hits(faults.LetGo)) return;
        Later(TimeSpan.Zero, TimeSpan.FromSeconds(90), () =>
        {
            if (!charge.TryLetGo()) return;
            loop.Note($"{name} lets go of {charge.Id}");
            Changed(charge);
        });
    }

    private void Changed(Charge charge)
    {
        charge.Changes++;
        if (charge.WasApproved && charge.HasFunds) OnEffect?.Invoke(this, charge);
        OnChange?.Invoke(this, charge);
    }

    private void Later(TimeSpan earliest, TimeSpan latest, Action change)
    {
        UnderWay++;
        loop.Outside.After(random.Between(earliest, latest), () =>
        {
            UnderWay--;
            change();
        });
    }

    private static ChargeResult AnswerOf(Charge charge) => charge.Status switch
    {
        ChargeStatus.ActionRequired => new ChargeResult.ActionRequired(charge.Id, ActionOf(charge)),
        ChargeStatus.Authorized when charge.Captured.MinorUnits == 0 => new ChargeResult.Authorized(charge.Id, charge.Amount),
        ChargeStatus.Captured when !charge.IsManual => new ChargeResult.Approved(charge.Id, charge.Amount),
        ChargeStatus.Declined => new ChargeResult.Declined(ErrorOf(charge), charge.Id),
        ChargeStatus.Cancelled => new ChargeResult.Declined(Refusal("canceled_at_connector"), charge.Id),
        ChargeStatus.Pending => new ChargeResult.Pending(charge.Id),
        _ => new ChargeResult.Unknown("contradictory_answer"),
    };

    /// <summary>The charge as a notice tells of it now.</summary>
    public static (PaymentError? Error, NextAction? Action) DetailsOf(Charge charge) =>
        (charge.Status == ChargeStatus.Declined ? ErrorOf(charge) : null, charge.Status == ChargeStatus.ActionRequired ? ActionOf(charge) : null);

    private static PaymentError ErrorOf(Charge charge) => charge.Fate == CardFate.DeclinedForNow ? NotNow : CardDeclined;

    private static NextAction ActionOf(Charge charge) => new(NextActionType.Redirect, "https://bank.example/" + charge.Id);

    private static CardFate FateOf(CardDetails card) => (CardFate)(card.Number[^1] - '0');

    private bool Hits(double probability) => Faulty && random.Chance(probability);

    private TimeSpan Latency() => random.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400));
}
