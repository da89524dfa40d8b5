namespace OrleansPayments.Payments;

/// <summary>
/// A card as the payer gave it, in memory for one attempt. Not a record, because a record's generated <c>ToString</c> would print the number.
/// </summary>
[GenerateSerializer, Immutable, Alias("card_details")]
public sealed class CardDetails
{
    /// <param name="number">12 to 19 digits that pass the Luhn check.</param>
    /// <param name="expiryMonth">1 to 12.</param>
    /// <param name="expiryYear">Four digits.</param>
    /// <param name="securityCode">3 or 4 digits; null when the payer gave none. Never stored.</param>
    /// <param name="holderName">As on the card, or null.</param>
    public CardDetails(string number, int expiryMonth, int expiryYear, string? securityCode, string? holderName)
    {
        Number = number;
        ExpiryMonth = expiryMonth;
        ExpiryYear = expiryYear;
        SecurityCode = securityCode;
        HolderName = holderName;
    }

    [Id(0)]
    public string Number { get; }

    [Id(1)]
    public int ExpiryMonth { get; }

    [Id(2)]
    public int ExpiryYear { get; }

    [Id(3)]
    public string? SecurityCode { get; }

    [Id(4)]
    public string? HolderName { get; }

    public override string ToString() => "card";
}
