namespace OrleansPayments.Grains.Shared.Failpoints;

/// <summary>Where a test stops or ends the process on purpose. Outside of tests it is <see cref="NoFailpoints"/>, which is done at once.</summary>
public interface IFailpoints
{
    /// <summary>A call to a connector is at this point. Ends when it may go on; throws never.</summary>
    /// <param name="operation">What the connector is asked for: <c>charge</c>, <c>inquiry</c>, <c>capture</c>, <c>cancellation</c>.</param>
    ValueTask Reach(Failpoint point, string operation, PaymentId payment);

    /// <summary>A batch of the journal is at this point. Ends when it may go on; throws never.</summary>
    /// <param name="entities">Read only while something is armed.</param>
    ValueTask Reach(Failpoint point, IEnumerable<string> entities);
}
