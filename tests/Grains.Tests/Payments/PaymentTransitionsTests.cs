using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Payments;

public sealed class PaymentTransitionsTests
{
    // Written out by hand from the requirements, not derived from the table it checks.
    private static readonly Dictionary<(PaymentStatus, PaymentTrigger), PaymentStatus> Allowed = new()
    {
        [(PaymentStatus.Created, PaymentTrigger.AttemptStarted)] = PaymentStatus.Processing,
        [(PaymentStatus.Created, PaymentTrigger.Failed)] = PaymentStatus.Failed,
        [(PaymentStatus.Processing, PaymentTrigger.Approved)] = PaymentStatus.Captured,
        [(PaymentStatus.Processing, PaymentTrigger.Declined)] = PaymentStatus.Declined,
        [(PaymentStatus.Processing, PaymentTrigger.Failed)] = PaymentStatus.Failed,
        [(PaymentStatus.Processing, PaymentTrigger.OutcomeUnknown)] = PaymentStatus.Processing,
        [(PaymentStatus.Processing, PaymentTrigger.Authorized)] = PaymentStatus.Authorized,
        [(PaymentStatus.Processing, PaymentTrigger.PassedOn)] = PaymentStatus.Processing,
        [(PaymentStatus.Processing, PaymentTrigger.AttemptStarted)] = PaymentStatus.Processing,
        [(PaymentStatus.Authorized, PaymentTrigger.OperationStarted)] = PaymentStatus.Processing,
        [(PaymentStatus.PartiallyCaptured, PaymentTrigger.OperationStarted)] = PaymentStatus.Processing,
        [(PaymentStatus.Processing, PaymentTrigger.CapturedInFull)] = PaymentStatus.Captured,
        [(PaymentStatus.Processing, PaymentTrigger.CapturedInPart)] = PaymentStatus.PartiallyCaptured,
        [(PaymentStatus.Processing, PaymentTrigger.Released)] = PaymentStatus.Cancelled,
        [(PaymentStatus.Processing, PaymentTrigger.BackToAuthorized)] = PaymentStatus.Authorized,
        [(PaymentStatus.Processing, PaymentTrigger.BackToPartiallyCaptured)] = PaymentStatus.PartiallyCaptured,
        [(PaymentStatus.Processing, PaymentTrigger.ActionRequired)] = PaymentStatus.RequiresAction,
        [(PaymentStatus.Processing, PaymentTrigger.Expired)] = PaymentStatus.Failed,
        [(PaymentStatus.Created, PaymentTrigger.Released)] = PaymentStatus.Cancelled,
        [(PaymentStatus.Created, PaymentTrigger.Expired)] = PaymentStatus.Failed,
        [(PaymentStatus.RequiresAction, PaymentTrigger.Approved)] = PaymentStatus.Captured,
        [(PaymentStatus.RequiresAction, PaymentTrigger.Authorized)] = PaymentStatus.Authorized,
        [(PaymentStatus.RequiresAction, PaymentTrigger.Declined)] = PaymentStatus.Declined,
        [(PaymentStatus.RequiresAction, PaymentTrigger.OutcomeUnknown)] = PaymentStatus.Processing,
        [(PaymentStatus.RequiresAction, PaymentTrigger.OperationStarted)] = PaymentStatus.Processing,
        [(PaymentStatus.Authorized, PaymentTrigger.Released)] = PaymentStatus.Cancelled,
        [(PaymentStatus.Authorized, PaymentTrigger.CapturedInFull)] = PaymentStatus.Captured,
        [(PaymentStatus.Authorized, PaymentTrigger.CapturedInPart)] = PaymentStatus.PartiallyCaptured,
        [(PaymentStatus.PartiallyCaptured, PaymentTrigger.CapturedInFull)] = PaymentStatus.Captured,
        [(PaymentStatus.PartiallyCaptured, PaymentTrigger.CapturedInPart)] = PaymentStatus.PartiallyCaptured,
        [(PaymentStatus.Failed, PaymentTrigger.Approved)] = PaymentStatus.Captured,
        [(PaymentStatus.Failed, PaymentTrigger.Authorized)] = PaymentStatus.Authorized,
        [(PaymentStatus.Declined, PaymentTrigger.Approved)] = PaymentStatus.Captured,
        [(PaymentStatus.Declined, PaymentTrigger.Authorized)] = PaymentStatus.Authorized,
        [(PaymentStatus.Cancelled, PaymentTrigger.Approved)] = PaymentStatus.Captured,
    };

    public static TheoryData<PaymentStatus, string> Matrix()
    {
        var matrix = new TheoryData<PaymentStatus, string>();
        foreach (var status in Enum.GetValues<PaymentStatus>())
        {
            foreach (var trigger in Enum.GetValues<PaymentTrigger>()) matrix.Add(status, trigger.ToString());
        }

        return matrix;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Every_status_takes_exactly_the_triggers_it_should(PaymentStatus from, string triggerName)
    {
        var trigger = Enum.Parse<PaymentTrigger>(triggerName);
        var allowed = Allowed.TryGetValue((from, trigger), out var expected);
        Assert.Equal(allowed, PaymentTransitions.TryNext(from, trigger, out var to));
        if (allowed) Assert.Equal(expected, to);
        else Assert.Throws<InvalidOperationException>(() => PaymentTransitions.Next(from, trigger));
    }

    [Fact]
    public void No_row_stands_twice() =>
        Assert.Equal(PaymentTransitions.Table.Count, PaymentTransitions.Table.Select(row => (row.From, row.Trigger)).Distinct().Count());

    [Fact]
    public void The_diagram_in_the_docs_is_the_table()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "payment-states.md"));
        Assert.Contains("```mermaid\n" + PaymentTransitions.ToDiagram() + "```", page, StringComparison.Ordinal);
    }
}
